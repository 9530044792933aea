import io.jobmedic.Engine;
import io.jobmedic.Log;
import io.jobmedic.Natives;
import java.nio.file.Path;

/** First LOG: what went wrong, according to one log. */
public final class First {
  public static void main(String[] arguments) {
    Natives.unpack(); // the native library in the jar; or -Djobmedic.library=FOLDER
    try (Engine engine = Engine.create()) {
      System.out.println(engine.classify(Log.of(Path.of(arguments[0]))));
    }
  }
}
