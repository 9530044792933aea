"""A command that is killed in the middle of its work."""
import signal
import sqlite3
import subprocess


def killed_at(command, seconds, folder):
    """Whether it still ran after so many seconds and was killed. Either way the store jobmedic.db in the folder is sound."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    killed = False
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL
    connection = sqlite3.connect(folder / "jobmedic.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    return killed
