package io.jobmedic;

import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * One log of a failed attempt: bytes, which need not be text, or a file, which is read in pieces of constant size (gzip and zstd
 * are decompressed). Its name is {@code ROLE[-N].STREAM}: "driver.stdout", "executor-0.stderr"; which rules are tried depends on
 * it, and bytes without a name ("") are tried by every rule. Immutable, but the bytes are borrowed: leave them alone while a call
 * reads them.
 */
public final class Log {
  private final byte[] name;
  private final Object data; // byte[], a direct ByteBuffer of exactly the log, or null
  private final byte[] path; // or null

  private Log(String name, Object data, byte[] path) {
    this.name = Jobmedic.required(name, "name");
    this.data = data;
    this.path = path;
  }

  /**
   * Bytes in memory.
   *
   * @param name ROLE[-N].STREAM, or ""
   * @param data copied by each call that reads them
   * @return the log
   */
  public static Log of(String name, byte[] data) {
    return new Log(name, Objects.requireNonNull(data, "data"), null);
  }

  /**
   * The bytes of a buffer between its position and its limit, neither of which changes.
   *
   * @param name ROLE[-N].STREAM, or ""
   * @param data a direct one (a mapped file, say) is read in place; any other is copied
   * @return the log
   */
  public static Log of(String name, ByteBuffer data) {
    return new Log(name, data.isDirect() ? data.slice() : content(data), null);
  }

  /**
   * A file under a name of its own.
   *
   * @param name ROLE[-N].STREAM
   * @param file of the default file system; it is opened by the call that reads it, which fails with {@link Status#IO} where
   *     it cannot
   * @return the log
   */
  public static Log of(String name, Path file) {
    return new Log(name, null, pathBytes(file));
  }

  /**
   * A file whose base name is the log's name.
   *
   * @param file as above, called ROLE[-N].STREAM
   * @return the log
   */
  public static Log of(Path file) {
    return of("", file);
  }

  static Object[] names(List<Log> logs) {
    return each(logs, log -> log.name);
  }

  static Object[] data(List<Log> logs) {
    return each(logs, log -> log.data);
  }

  static Object[] paths(List<Log> logs) {
    return each(logs, log -> log.path);
  }

  private static Object[] each(List<Log> logs, Function<Log, Object> part) {
    Object[] parts = new Object[logs.size()]; // a stream would cost more than the call into C
    for (int i = 0; i < parts.length; ++i) {
      parts[i] = part.apply(logs.get(i));
    }
    return parts;
  }

  static byte[] content(ByteBuffer buffer) {
    byte[] content = new byte[buffer.remaining()];
    buffer.duplicate().get(content);
    return content;
  }

  /** A file's name is bytes, which toString() loses in a locale that is not UTF-8; its URI has them. */
  static byte[] pathBytes(Path file) {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException(file + " is not of the default file system: read it, and pass its bytes");
    }
    String escaped = file.toUri().getRawPath();
    byte[] bytes = new byte[escaped.length()];
    int size = 0;
    for (int at = 0; at < escaped.length(); ++at) {
      char next = escaped.charAt(at);
      if (next == '%') {
        next = (char) Integer.parseInt(escaped.substring(at + 1, at + 3), 16);
        at += 2;
      }
      bytes[size++] = (byte) next;
    }
    return Arrays.copyOf(bytes, size);
  }
}
