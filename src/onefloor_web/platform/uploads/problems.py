"""Why a file is not accepted: each says which one, and what to do."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.problems import Problem

MIB = 1 << 20


class TooManyFiles(Problem):
    """More files than may hang on one thing."""

    def __init__(self, files: int, most: int) -> None:
        super().__init__(
            Text(f"共 {files} 个文件，最多 {most} 个。", f"There are {files} files; at most {most} can be attached."),
            remedy=Text("请合并或减少文件。", "Join some of them, or leave some out."),
        )


class TooLarge(Problem):
    """A file larger than the limit, as it came or unpacked."""

    def __init__(self, name: str, most: int, *, unpacked: bool = False) -> None:
        super().__init__(
            Text(
                f"“{name}”{'解压后' if unpacked else ''}超过上限 {most // MIB} MiB。",
                f'"{name}" has more than {most // MIB} MiB{" unpacked" if unpacked else ""}, which is the limit.',
            ),
            remedy=Text("请只附上相关部分。", "Attach only the part that matters."),
        )


class Nothing(Problem):
    """An empty file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"“{name}”是空文件。", f'"{name}" is empty.'),
            remedy=Text("请重新选择文件。", "Choose the file again."),
        )


class NotAllowed(Problem):
    """A file whose content is of no kind that is taken."""

    def __init__(self, name: str, allowed: Text) -> None:
        super().__init__(
            Text(f"“{name}”的内容不是可接受的类型。", f'The content of "{name}" is of no kind that is accepted.'),
            why=Text("文件类型按内容判断，与扩展名无关。", "Content decides, not the name's ending."),
            remedy=Text(f"请使用：{allowed.zh}。", f"Use one of: {allowed.en}."),
        )


class Runs(Problem):
    """A file that holds a macro, a script, or another file inside."""

    def __init__(self, name: str, what: Text) -> None:
        super().__init__(
            Text(f"“{name}”含有{what.zh}，不予接受。", f'"{name}" holds {what.en} and is not accepted.'),
            remedy=Text("请另存为不含这些内容的文件，例如打印成 PDF。", "Save it without that, or print it as PDF."),
        )


class Unreadable(Problem):
    """A file that is damaged, or locked with a password, so that nobody can look into it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"“{name}”已损坏或已加密，无法检查。", f'"{name}" is damaged or encrypted and cannot be checked.'),
            remedy=Text("请附上未加密的完整文件。", "Attach the whole file, without a password."),
        )


class Malware(Problem):
    """The scanner of this installation refuses the file."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"安全扫描拒绝了“{name}”。", f'The malware scanner refuses "{name}".'),
            remedy=Text("请检查该文件；如有疑问，请联系管理员。", "Check the file, or ask the administrator."),
        )


class NotScanned(Problem):
    """The scanner did not answer: then nothing is accepted."""

    def __init__(self) -> None:
        super().__init__(
            Text("安全扫描目前不可用，文件没有保存。", "The malware scanner does not answer; no file was kept."),
            remedy=Text("请稍后重试；仍不行时请联系管理员。", "Try again later; if it goes on, ask the administrator."),
        )


class DiskFull(Problem):
    """No room for the copy."""

    def __init__(self) -> None:
        super().__init__(
            Text("服务器磁盘空间不足，文件没有保存。", "The server's disk is too full; the files were not kept."),
            remedy=Text("请联系管理员清理磁盘后重试。", "Ask the administrator to make room, then try again."),
        )


class Given(Problem):
    """A file that the other company has already."""

    def __init__(self) -> None:
        super().__init__(
            Text("已发送的文件不能移除。", "A file that was sent cannot be removed."),
            remedy=Text("如需补充，请另行说明。", "To add something, say it in a new message."),
        )
