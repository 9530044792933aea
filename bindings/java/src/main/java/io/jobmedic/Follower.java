package io.jobmedic;

/** A {@link Progress} as the native side calls it. */
final class Follower {
  private final Progress progress;

  Follower(Progress progress) {
    this.progress = progress;
  }

  boolean told(double done, byte[] what) {
    return progress.told(done, Handle.text(what));
  }
}
