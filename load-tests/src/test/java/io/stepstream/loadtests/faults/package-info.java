@org.jspecify.annotations.NullMarked
package io.stepstream.loadtests.faults;
