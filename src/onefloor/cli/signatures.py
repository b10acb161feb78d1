"""Commands about keys and signatures."""

from __future__ import annotations

from collections.abc import Sequence
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


STATES = {
    "valid": Text("有效", "valid"),
    "wrong": Text("不符", "does not fit"),
    "missing": Text("未签署", "has not signed"),
    "unknown": Text("未提供公钥，未核验", "of a key that was not given: not checked"),
}


def check(screen: Screen, envelope: Path, text: Path, key: Sequence[Path]) -> int:
    """Check the signatures of an agreement; 1 if anything does not fit."""
    from onefloor.agreements.signed_texts import check_text

    found = check_text(envelope, text, key)
    if screen.json:
        signatures = [{"name": one.name, "key_id": one.key_id, "state": one.state} for one in found.signatures]
        screen.answer({"text": found.fits, "digest": found.digest, "signatures": signatures, "good": found.good})
        return 0 if found.good else 1
    fits = (
        Text("与签署的文本一致", "is the text that was signed")
        if found.fits
        else Text("不是签署的文本", "is not the text that was signed")
    )
    screen.show(Text(f"{text.name}：{fits.zh}。", f"{text.name} {fits.en}."))
    screen.table(
        [Text("密钥", "key"), Text("结果", "result")], [(one.name, STATES[one.state]) for one in found.signatures]
    )
    return 0 if found.good else 1


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
    Command(
        "check",
        Text("离线核验协议的签名。", "Check the signatures of an agreement offline."),
        check,
        [
            Argument("envelope", text=Text("签名信封（.dsse.json）。", "The envelope (.dsse.json)."), type=FILE),
            Argument("text", text=Text("协议文本（YAML）。", "The text of the agreement (YAML)."), type=FILE),
            Option(
                "--key",
                text=Text("公钥文件（.pub），可重复。", "A public key file (.pub); may be given several times."),
                type=FILE,
                multiple=True,
                metavar="FILE",
            ),
        ],
        ["onefloor check own-north-2.dsse.json own-north-2.yaml --key own.pub --key north.pub"],
    ),
)
