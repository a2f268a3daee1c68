package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import java.util.Map;

/**
 * An ItemReader whose expressions have been evaluated.
 *
 * @param listing true: the objects of a bucket are listed; false: one object is read
 * @param arguments of S3's action
 * @param maxItems how many items there are at most; 0: no bound
 */
public record ItemSource(
    boolean listing, Map<String, Object> arguments, ReaderConfig config, long maxItems) {}
