package io.jobmedic;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where the native library {@code libjobmedic_jni.so} comes from. It is looked for once, when it is first needed:
 *
 * <ol>
 *   <li>{@code -Djobmedic.library}: the file, or the folder that has it; where this is set, nowhere else;
 *   <li>{@code java.library.path};
 *   <li>where asked for, the copy in the jar: {@link #unpack()}, {@link #unpack(Path)}, {@code -Djobmedic.unpack=true} (into a
 *       temporary folder) or {@code -Djobmedic.unpack=FOLDER}.
 * </ol>
 *
 * <p>The libraries that it needs in turn (Hyperscan, PCRE2, SQLite, ...) are the system's. Safe from any number of threads.
 */
public final class Natives {
  private static final String NAME = "jobmedic_jni";
  private static final String FILE = System.mapLibraryName(NAME);
  private static final List<String> PACKED = List.of("libjobmedic.so." + Native.ABI_VERSION, "libjobmedic_torch.so", FILE);
  private static volatile String loaded;

  private Natives() {}

  /**
   * Loads the copy in the jar from a temporary folder that goes when this process ends, unless a library is loaded already or
   * {@code -Djobmedic.library} names one.
   *
   * @throws UnsatisfiedLinkError the jar has none for this machine, or the system lacks a library that it needs
   * @throws UncheckedIOException it could not be written
   */
  public static void unpack() {
    load("true");
  }

  /**
   * The same from a folder that stays. What is there already is used where it is the same, and replaced where not, which
   * disturbs no process that uses it.
   *
   * @param folder made where it does not exist
   * @throws UnsatisfiedLinkError as for {@link #unpack()}
   * @throws UncheckedIOException it could not be written
   */
  public static void unpack(Path folder) {
    load(folder.toString());
  }

  /**
   * The library in use; looks for it where there is none yet.
   *
   * @return its file, or its name where {@code java.library.path} gave it
   * @throws UnsatisfiedLinkError it was not found
   */
  public static String path() {
    load();
    return loaded;
  }

  /** What everything that calls {@link Native} calls first. */
  static void load() {
    if (loaded == null) {
      load(System.getProperty("jobmedic.unpack", ""));
    }
  }

  private static synchronized void load(String unpackTo) {
    if (loaded != null) {
      return;
    }
    String configured = System.getProperty("jobmedic.library", "");
    String found = configured.isEmpty() ? find(unpackTo) : loadFile(Path.of(configured));
    if (Native.abiVersion() != Native.ABI_VERSION) {
      throw new UnsatisfiedLinkError(found + " has ABI " + Native.abiVersion() + ", this package needs " + Native.ABI_VERSION);
    }
    loaded = found;
  }

  private static String find(String unpackTo) {
    for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.exists(Path.of(folder, FILE))) {
        System.loadLibrary(NAME);
        return FILE;
      }
    }
    if (unpackTo.isEmpty() || unpackTo.equals("false")) {
      throw new UnsatisfiedLinkError(FILE + " is not in java.library.path (" + System.getProperty("java.library.path")
          + "): name its folder in -Djobmedic.library, or ask for the copy in the jar by Natives.unpack() or"
          + " -Djobmedic.unpack=true");
    }
    try {
      return loadFile(unpackTo.equals("true") ? unpackInto(temporaryFolder(), true) : unpackInto(Path.of(unpackTo), false));
    } catch (IOException problem) {
      throw new UncheckedIOException("the native library could not be unpacked: " + problem.getMessage(), problem);
    }
  }

  private static String loadFile(Path place) {
    String file = (Files.isDirectory(place) ? place.resolve(FILE) : place).toAbsolutePath().toString();
    System.load(file);
    return file;
  }

  private static Path temporaryFolder() throws IOException {
    Path folder = Files.createTempDirectory("jobmedic-");
    folder.toFile().deleteOnExit(); // registered first, so deleted last
    return folder;
  }

  private static Path unpackInto(Path folder, boolean temporary) throws IOException {
    Files.createDirectories(folder);
    String machine = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + architecture();
    for (String file : PACKED) {
      try (InputStream packed = Natives.class.getResourceAsStream("natives/" + machine + "/" + file)) {
        if (packed != null) {
          write(packed.readAllBytes(), folder, file, temporary);
        } else if (file.equals(FILE)) {
          throw new UnsatisfiedLinkError("this jar has no " + FILE + " for " + machine + ": build jobmedic there, and name the"
              + " folder in -Djobmedic.library");
        }
      }
    }
    return folder;
  }

  private static void write(byte[] library, Path folder, String file, boolean temporary) throws IOException {
    Path place = folder.resolve(file);
    if (temporary) {
      place.toFile().deleteOnExit();
    }
    if (Files.exists(place) && Arrays.equals(Files.readAllBytes(place), library)) {
      return;
    }
    Path half = Files.createTempFile(folder, file, ".new"); // another process may do the same
    Files.write(half, library);
    Files.move(half, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** As CMake calls it. */
  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }
}
