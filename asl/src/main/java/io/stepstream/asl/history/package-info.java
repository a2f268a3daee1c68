/** The history events of AWS Step Functions: types, details, ids. */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.history;
