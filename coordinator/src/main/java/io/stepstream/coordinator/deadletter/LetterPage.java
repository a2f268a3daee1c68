package io.stepstream.coordinator.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some letters.
 *
 * @param before where the list goes on ({@link LetterQuery#before}); null: it is at its end
 */
public record LetterPage(List<Letter> letters, @Nullable List<Long> before) {}
