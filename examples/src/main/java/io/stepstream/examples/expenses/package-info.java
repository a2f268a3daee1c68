/**
 * The task handler of the expense approval example. It hands a token on; whoever has the token
 * answers.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.expenses;
