package io.jobmedic;

/**
 * A call failed and has changed nothing. The message is one line in the user's words, with the place and the way out; secrets in
 * it are masked.
 */
public final class JobmedicException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why. */
  private final Status status;

  /** Where, for programs. */
  private final String detail;

  private JobmedicException(Status status, String message, String detail) {
    super(message);
    this.status = status;
    this.detail = detail;
  }

  /** For the native side, which knows the numbers of jobmedic.h and UTF-8. */
  static JobmedicException of(int status, byte[] message, byte[] detail) {
    return new JobmedicException(Status.of(status), Handle.text(message), Handle.text(detail));
  }

  /**
   * Why the call failed.
   *
   * @return never null
   */
  public Status status() {
    return status;
  }

  /**
   * Where, for programs.
   *
   * @return a JSON object with the members named at {@link Status}, and more
   */
  public String detail() {
    return detail;
  }
}
