/**
 * Heals failed data jobs, inside your process: what went wrong, is a retry worth its money, and with which configuration?
 *
 * <pre>{@code
 * try (Engine engine = Engine.create("{\"store\": \"sqlite:/var/lib/jobmedic.db\"}")) {
 *   String answer = engine.remediate(attempt, List.of(Log.of("driver.stderr", Path.of("/logs/driver.stderr"))));
 *   // {"retry": {"restart": true, ...}, ...}: then the next attempt starts with
 *   String config = engine.getConfig(nextAttempt);
 * }
 * }</pre>
 *
 * <p>Documents are JSON, of the shapes that {@code jobmedic.h} names ({@code jobmedic.attempt/1}, ...), as strings: read and
 * written with whatever JSON library you use. Durations are in seconds, sizes in bytes, money in US dollars, times in RFC 3339
 * UTC. Every failed call throws {@link io.jobmedic.JobmedicException}; any use of a closed object {@link
 * java.lang.IllegalStateException}. Text crosses as UTF-8, so an emoji in a log or a document stays one; a lone surrogate, which
 * is no text, becomes "?".
 *
 * <p>Before a process is killed for its memory, {@link io.jobmedic.Forecaster} tells; it needs no engine.
 *
 * <p>Where the native library is looked for, see {@link io.jobmedic.Natives}.
 */
package io.jobmedic;
