@org.jspecify.annotations.NullMarked
package io.stepstream.asl.items;
