package io.stepstream.examples.trips;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.testkit.TaskMock;
import io.stepstream.testkit.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A failure undoes what was done, from the last step to the first, and nothing else. */
class TripBookingTest {

  private static final Path FOLDER = Path.of("trip-booking");

  private final TestMachine machine;
  private final String trip;

  TripBookingTest() throws IOException {
    machine = TestMachine.load(FOLDER.resolve("machine.asl.json"));
    trip = Files.readString(FOLDER.resolve("input.json"));
    machine.task("BookFlight").returns("{\"booking\":\"f\"}");
    machine.task("BookHotel").returns("{\"booking\":\"h\"}");
  }

  @Test
  void shouldCancelHotelAndFlightWhenThereIsNoCar() {
    machine.task("BookCar").fails("Trips.NoCarLeft", "none");
    TaskMock cancelHotel = machine.task("CancelHotel").returns("{}");
    TaskMock cancelFlight = machine.task("CancelFlight").returns("{}");

    machine
        .run(trip)
        .failed("Trips.NoCarLeft")
        .visited("BookFlight", "BookHotel", "BookCar", "CancelHotel", "CancelFlight", "NotBooked");

    assertThat(cancelHotel.inputs()).containsExactly("{\"booking\":\"h\"}");
    assertThat(cancelFlight.inputs()).containsExactly("{\"booking\":\"f\"}");
  }

  @Test
  void shouldCancelTheFlightAloneWhenThereIsNoHotel() {
    machine.task("BookHotel").reset().fails("Trips.NoRoomLeft", "none");
    machine.task("CancelFlight").returns("{}");

    machine
        .run(trip)
        .failed("Trips.NoRoomLeft")
        .visited("BookFlight", "BookHotel", "CancelFlight", "NotBooked");
  }

  @Test
  void shouldNotGiveUpACancellationAtOnce() {
    machine.task("BookCar").fails("Trips.NoCarLeft", "none");
    machine.task("CancelHotel").fails("Hotels.Away", "later").times(3).returns("{}");
    machine.task("CancelFlight").returns("{}");

    // one second, two and four
    machine.run(trip).failed("Trips.NoCarLeft").took(Duration.ofSeconds(1 + 2 + 4));
  }
}
