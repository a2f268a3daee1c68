/**
 * The task handlers of the trip booking example. Bookings are named after their trip, so that
 * booking or cancelling twice is doing it once.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.trips;
