package io.jobmedic;

import java.util.Objects;

/** What needs no engine: JSON Patch, and the library's version. Safe from any number of threads. */
public final class Jobmedic {
  private Jobmedic() {}

  /**
   * The native library's version.
   *
   * @return "0.1.0"
   */
  public static String version() {
    Natives.load();
    return Native.version();
  }

  /**
   * A document after all operations of a patch (RFC 6902). Members keep their order.
   *
   * @param document any JSON
   * @param patch a JSON Patch
   * @return the changed document
   * @throws JobmedicException PARSE: either text; SCHEMA: {@code patch} is no JSON Patch; PATCH: an operation does not apply
   */
  public static String applyPatch(String document, String patch) {
    Natives.load();
    return Handle.text(Native.applyPatch(required(document, "document"), required(patch, "patch")));
  }

  /**
   * A short patch (RFC 6902) that turns {@code from} into {@code to}; the same pair gives the same patch.
   *
   * @param from any JSON
   * @param to any JSON
   * @return a JSON Patch
   * @throws JobmedicException PARSE: either text
   */
  public static String diff(String from, String to) {
    Natives.load();
    return Handle.text(Native.diff(required(from, "from"), required(to, "to")));
  }

  static byte[] required(String text, String name) {
    return Handle.bytes(Objects.requireNonNull(text, name));
  }
}
