package io.jobmedic;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A classification of logs while they are being written; {@link Engine#scan} makes one. Any split of the same bytes gives the
 * same answer as {@link Engine#classify}. Belongs to one thread at a time: a second one gets an IllegalStateException. May
 * outlive its engine.
 */
public final class Scan implements AutoCloseable {
  private final Engine engine; // its listeners are told of this, too
  private final Handle handle;
  private final Alone alone = new Alone("Scan");

  Scan(Engine engine, Handle owner, String attempt) {
    this.engine = engine;
    long address = owner.enter(); // until the scan is freed
    try {
      handle = new Handle(this, "Scan", Native.scanCreate(address, Handle.bytes(attempt)), scan -> {
        Native.scanFree(scan);
        owner.leave();
      });
    } catch (Throwable problem) {
      owner.leave();
      throw problem;
    }
  }

  /**
   * More bytes of a log; logs count in the order of their first piece.
   *
   * @param name of the log: ROLE[-N].STREAM
   * @param data read before this returns
   * @throws JobmedicException INVALID_ARGUMENT
   */
  public void feed(String name, byte[] data) {
    feed(name, data, 0, data.length);
  }

  /**
   * The same of a part of an array.
   *
   * @param name of the log: ROLE[-N].STREAM
   * @param data read before this returns
   * @param offset of the first byte
   * @param size how many
   * @throws IndexOutOfBoundsException they are not all in {@code data}
   * @throws JobmedicException INVALID_ARGUMENT
   */
  public void feed(String name, byte[] data, int offset, int size) {
    Objects.checkFromIndexSize(offset, size, data.length);
    feedFrom(name, data, offset, size);
  }

  /**
   * The same of the bytes between a buffer's position and its limit; its position is then at its limit.
   *
   * @param name of the log: ROLE[-N].STREAM
   * @param data a direct one is read in place, any other is copied
   * @throws JobmedicException INVALID_ARGUMENT
   */
  public void feed(String name, ByteBuffer data) {
    if (data.isDirect()) {
      feedFrom(name, data, data.position(), data.remaining());
    } else {
      feed(name, Log.content(data));
    }
    data.position(data.limit());
  }

  private void feedFrom(String name, Object data, int offset, int size) {
    byte[] log = Jobmedic.required(name, "name");
    alone.in(() -> handle.use(scan -> {
      Native.scanFeed(scan, log, data, offset, size);
      return null;
    }));
    Reference.reachabilityFence(engine);
  }

  /**
   * The verdict on what came so far, as if the logs ended here. Feeding may go on.
   *
   * @return jobmedic.classification/1
   */
  public String result() {
    return alone.in(() -> handle.answer(Native::scanResult));
  }

  /** Gives up what it holds. Any later use but another close() throws IllegalStateException. */
  @Override
  public void close() {
    handle.close();
  }
}
