package io.stepstream.examples.videos;

import io.stepstream.testkit.TestMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Silence ends the task long before its timeout. */
class VideoEncodingTest {

  @Test
  void shouldNotWaitTwoHoursForAnEncoderThatIsSilent() throws IOException {
    TestMachine machine = TestMachine.load(Path.of("video-encoding/machine.asl.json"));
    machine.task("Encode").hangs();

    machine
        .run("{\"title\":\"Gala\",\"frames\":4}")
        .failed("Videos.EncoderStuck")
        .took(Duration.ofSeconds(3));
  }
}
