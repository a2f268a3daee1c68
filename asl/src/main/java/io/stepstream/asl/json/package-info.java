/**
 * JSON as plain trees: {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code
 * Boolean}, {@code Number} and {@link io.stepstream.asl.json.Json#NULL}.
 *
 * <p>Trees are immutable by convention: results of expressions alias their inputs, so whoever
 * writes into a tree corrupts another state's data. Change is by copy along the path.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.json;
