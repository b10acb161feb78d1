"""Commands about keys and signatures."""

from __future__ import annotations

from pathlib import Path

from onefloor.cli.bilingual import FILE, Argument, Command, Option
from onefloor.cli.output import Screen
from onefloor.language import Text


def keys(screen: Screen, name: str, folder: Path) -> None:
    """Make a pair of keys."""
    from onefloor.agreements.signing import create_keys

    private, public = create_keys(folder, name)
    if screen.json:
        screen.answer({"private": str(private), "public": str(public)})
        return
    screen.table(
        [Text("密钥", "key"), Text("用途", "for")],
        [
            (private, Text("签署用的私钥：只有本方持有，妥善保管", "signing: stays with you, keep it safe")),
            (public, Text("核验用的公钥：交给对方", "verifying: give it to the other party")),
        ],
    )


def sign(screen: Screen, bundle: Path, key: Path) -> None:
    """Sign a bundle."""
    from onefloor.agreements.verify import sign_bundle

    key_id = sign_bundle(bundle, key)
    if screen.json:
        screen.answer({"bundle": str(bundle), "key_id": key_id})
        return
    screen.show(Text(f"已用密钥 {key_id[:12]} 签署 {bundle}。", f"Signed {bundle} with key {key_id[:12]}."))


COMMANDS = (
    Command(
        "keys",
        Text("生成一对签署密钥（Ed25519）。", "Make a pair of keys for signing (Ed25519)."),
        keys,
        [
            Argument("name", text=Text("密钥名称，例如 client。", "The key's name, for example client.")),
            Option(
                "--folder",
                text=Text("存放目录，默认 keys。", "Where to put them; keys by default."),
                type=FILE,
                default="keys",
                metavar="FOLDER",
            ),
        ],
        ["onefloor keys client"],
    ),
    Command(
        "sign",
        Text("用私钥签署证据包；最多两方签名。", "Sign a bundle with a private key; both parties may sign."),
        sign,
        [
            Argument("bundle", text=Text("证据包目录。", "The folder of the bundle."), type=FILE),
            Option(
                "--key",
                text=Text("私钥文件（.key）。", "The private key file (.key)."),
                type=FILE,
                required=True,
                metavar="FILE",
            ),
        ],
        ["onefloor sign out/bundle --key keys/client.key"],
    ),
)
