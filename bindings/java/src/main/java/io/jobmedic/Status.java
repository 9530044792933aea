package io.jobmedic;

/** Why a call failed: the status codes of {@code jobmedic.h}, with the members of {@link JobmedicException#detail()}. */
public enum Status {
  /** A number that this version of the package does not know. */
  UNKNOWN(-1),
  /** The caller's bug: a bad size or argument. Detail: argument. */
  INVALID_ARGUMENT(1),
  /** Malformed JSON. Detail: offset (bytes). */
  PARSE(2),
  /** JSON of the wrong shape. Detail: pointer, a JSON Pointer. */
  SCHEMA(3),
  /** A bad rule. Detail: file, rule, column. */
  RULES(4),
  /** A damaged, foreign or unsuitable model, or nothing to train one from. */
  MODEL(5),
  /** The database. Detail: code, its own. */
  STORE(6),
  /** The patch does not apply. Detail: operation (its index), pointer. */
  PATCH(7),
  /** A file, or the system. Detail: path, errno. */
  IO(8),
  /** A handle was used in a child of the process that made it, which no JVM is. */
  FORKED(9),
  /** The call gave back what it had taken. */
  OUT_OF_MEMORY(10),
  /** A bug in jobmedic: please report the message. */
  INTERNAL(11),
  /** A {@link Progress} asked to stop. */
  CANCELLED(12);

  private final int code;

  Status(int code) {
    this.code = code;
  }

  /**
   * The number in {@code jobmedic.h}.
   *
   * @return 1 to 12, or -1 for {@link #UNKNOWN}
   */
  public int code() {
    return code;
  }

  static Status of(int code) {
    for (Status status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    return UNKNOWN;
  }
}
