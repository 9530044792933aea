package io.jobmedic;

/** leak, use_after_free or race: what a sanitizer has to find, made on purpose: whoever trusts its silence runs these. */
final class Mistake {
  private static final byte[] CONFIG = Handle.bytes("{\"shipped_rules\": false}");

  private Mistake() {}

  public static void main(String[] arguments) throws InterruptedException {
    Natives.load();
    switch (arguments[0]) {
      case "leak":
        for (int i = 0; i < 10; ++i) { // an address or two may linger where a leak is looked for
          Native.engineCreate(CONFIG);
        }
        break;
      case "use_after_free":
        long engine = Native.engineCreate(CONFIG);
        Native.engineFree(engine);
        Native.engineInfo(engine);
        break;
      default:
        race();
    }
  }

  /** A scan belongs to one thread at a time. */
  private static void race() throws InterruptedException {
    long scan = Native.scanCreate(Native.engineCreate(CONFIG), null);
    byte[] name = Handle.bytes("a.log");
    byte[] piece = Handle.bytes("INFO all is well\n".repeat(1000));
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; ++i) {
      threads[i] = new Thread(() -> {
        for (int each = 0; each < 50; ++each) {
          Native.scanFeed(scan, name, piece, 0, piece.length);
        }
      });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
