package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyWhen;
import java.io.File;
import java.time.Instant;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;

class RecordClassesTest {

  @Test
  void shouldLetBuildersFillInDefaults() {
    RecordClasses.trust();

    LaunchExecution launch =
        LaunchExecution.newBuilder()
            .setStateMachineArn("arn")
            .setRevisionId("1")
            .setDefinitionOffset(0)
            .setName("n")
            .setInput(Payloads.of("{}"))
            .setRequestedAt(Instant.EPOCH)
            .build();

    assertThat(launch.getReplyWhen()).isEqualTo(ReplyWhen.STARTED);
    assertThat(LaunchExecution.newBuilder(launch).build()).isEqualTo(launch);
  }

  @Test
  void shouldTrustOurRecordsAndNothingElse() {
    RecordClasses.trust();
    var trusted = ClassSecurityValidator.getGlobal();
    RecordClasses.trust();

    assertThat(ClassSecurityValidator.getGlobal()).as("extended once").isSameAs(trusted);
    assertThat(trusted.isTrusted(Envelope.class)).isTrue();
    assertThat(trusted.isTrusted(String.class)).as("what Avro trusts by default").isTrue();
    assertThat(trusted.isTrusted(File.class)).isFalse();
    assertThat(trusted.isTrusted(Payloads.class)).isFalse();
  }
}
