package io.jobmedic;

import java.util.Arrays;

/** Is the process about to be killed for its memory? Immutable. */
public final class Forecast {
  /** How many figures the native side answers with. */
  static final int SIZE = 5;

  private final double[] answer;

  /** In the order of {@link Native#forecastUpdate}. */
  Forecast(double[] answer) {
    this.answer = answer;
  }

  /**
   * How soon, if a kill comes within five minutes. Rough: off by 0.8 levels on average where a kill was caught (see
   * {@code jobmedic forecast evaluate}).
   *
   * @return 4: within two minutes, 3: three, 2: four, 1: five, 0: no alert
   */
  public int level() {
    return (int) answer[0];
  }

  /**
   * Whether to act.
   *
   * @return the kill is more likely than the model's alert budget allows to keep silent about
   */
  public boolean alert() {
    return answer[1] != 0;
  }

  /**
   * Whether the reading counted.
   *
   * @return false: it was late, a duplicate, or told nothing, and this is the answer before it
   */
  public boolean accepted() {
    return answer[2] != 0;
  }

  /**
   * How likely the kill is.
   *
   * @return of being killed within five minutes, 0 to 1
   */
  public double probability() {
    return answer[3];
  }

  /**
   * When.
   *
   * @return seconds until the kill, if there is one
   */
  public double seconds() {
    return answer[4];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Forecast && Arrays.equals(answer, ((Forecast) other).answer);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(answer);
  }

  @Override
  public String toString() {
    return "Forecast level=" + level() + " alert=" + alert() + " accepted=" + accepted() + " probability=" + probability()
        + " seconds=" + seconds();
  }
}
