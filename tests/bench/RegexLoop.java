// What a JVM service does: every rule's java.util.regex over every line. Prints rules taken, bytes and the
// seconds of one pass, which takes minutes.
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

public final class RegexLoop {
  // RegexLoop PATTERNS LOG...: a pattern a line.
  public static void main(String[] arguments) throws Exception {
    List<Pattern> patterns = new ArrayList<>();
    for (String regex : Files.readAllLines(Path.of(arguments[0]))) {
      try {
        patterns.add(Pattern.compile(regex, Pattern.MULTILINE));
      } catch (PatternSyntaxException beyondJava) {
        continue;
      }
    }
    long bytes = 0;
    List<String> lines = new ArrayList<>();
    for (String log : Arrays.asList(arguments).subList(1, arguments.length)) {
      byte[] text = Files.readAllBytes(Path.of(log));
      bytes += text.length;
      lines.addAll(Arrays.asList(new String(text, StandardCharsets.ISO_8859_1).split("\n")));
    }
    pass(patterns, lines.subList(0, lines.size() / 10));  // warms the compiler up
    long start = System.nanoTime();
    long found = pass(patterns, lines);
    System.out.println(patterns.size() + " " + bytes + " " + (System.nanoTime() - start) / 1e9 + " " + found);
  }

  private static long pass(List<Pattern> patterns, List<String> lines) {
    long found = 0;
    for (String line : lines) {
      for (Pattern pattern : patterns) found += pattern.matcher(line).find() ? 1 : 0;
    }
    return found;
  }
}
