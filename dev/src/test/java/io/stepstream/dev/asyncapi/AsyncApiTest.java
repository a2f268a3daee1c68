package io.stepstream.dev.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.Stepstream;
import io.stepstream.schemas.topic.CloudEventHeaders;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicSpec;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code asyncapi.yaml} says, against the catalogue of topics and the records' classes. */
class AsyncApiTest {

  private static final String QUEUE = "{queue}";

  private AsyncApiDocument document;

  @BeforeEach
  void read() throws IOException {
    document = AsyncApiDocument.read();
  }

  @Test
  void shouldDescribeThePublicTopicsAndNoOthers() {
    assertThat(document.version()).isEqualTo("3.0.0");
    assertThat(document.channels().stream().map(document::address))
        .containsExactlyInAnyOrder(
            Topics.START_EXECUTION,
            Topics.tasks("lambda").replace("lambda", QUEUE),
            LaneTopics.of(Lane.STANDARD).history(),
            LaneTopics.of(Lane.EXPRESS).history(),
            LaneTopics.of(Lane.EXPRESS).childHistory(),
            Topics.COMPLETIONS,
            Topics.STATUS_CHANGES,
            Topics.EXECUTION_LOGS,
            Topics.AUDIT,
            Topics.DLQ);
    assertThat(document.channelsOfOperations())
        .containsExactlyInAnyOrderElementsOf(document.channels());
  }

  @Test
  void shouldNameTopicsOfTheCatalogue() {
    Set<String> catalogue =
        Topics.catalogue(TopicLayout.singleBroker()).stream()
            .map(TopicSpec::name)
            .collect(Collectors.toSet());

    assertThat(document.channels())
        .map(document::address)
        .filteredOn(address -> !address.contains(QUEUE))
        .isSubsetOf(catalogue);
  }

  @Test
  void shouldListTheFieldsOfEachRecordInTheirOrder() throws Exception {
    for (AsyncApiDocument.Message message : records()) {
      assertThat(message.fields())
          .as(message.name())
          .isEqualTo(current(message.name()).getFields().stream().map(Schema.Field::name).toList());
    }
  }

  @Test
  void shouldReferToTheCurrentVersionOfEachSchema() throws Exception {
    for (AsyncApiDocument.Message message : records()) {
      Schema referred =
          new Schema.Parser()
              .parse(AsyncApiDocument.FILE.resolveSibling(message.schema()).toFile());
      assertThat(SchemaNormalization.parsingFingerprint64(referred))
          .as("%s at %s", message.name(), message.schema())
          .isEqualTo(SchemaNormalization.parsingFingerprint64(current(message.name())));
    }
  }

  @Test
  void shouldListHeadersThatAreConstantsOfTheCode() throws Exception {
    AsyncApiDocument.Message completion = document.message("completions");
    AsyncApiDocument.Message letter = document.message("deadLetters");

    assertThat(completion.headers().keySet()).isSubsetOf(constants(CloudEventHeaders.class));
    assertThat(completion.headers().get(CloudEventHeaders.SPEC_VERSION))
        .containsEntry("const", CloudEventHeaders.VERSION_1);
    assertThat(completion.headers().get(CloudEventHeaders.TYPE))
        .containsEntry("const", CloudEventHeaders.EXECUTION_COMPLETED);
    assertThat(completion.headers().get(CloudEventHeaders.CONTENT_TYPE))
        .containsEntry("const", CloudEventHeaders.AVRO);
    assertThat(letter.headers().keySet())
        .containsExactlyInAnyOrderElementsOf(constants(DeadLetter.class));
    assertThat(completion.requiredHeaders())
        .containsExactlyElementsOf(completion.headers().keySet());
    assertThat(letter.headers().keySet())
        .containsAll(letter.requiredHeaders())
        .hasSize(letter.requiredHeaders().size() + 2)
        .contains(DeadLetter.ANSWERED, DeadLetter.LEFT_OUT);
  }

  /** All but the dead letters, which may be anything, and those in JSON. */
  private List<AsyncApiDocument.Message> records() {
    List<AsyncApiDocument.Message> records =
        document.channels().stream()
            .map(document::message)
            .filter(message -> !message.schema().isEmpty())
            .toList();
    assertThat(records).hasSize(document.channels().size() - 3);
    return records;
  }

  private static Schema current(String record) throws ClassNotFoundException {
    Class<?> type =
        Class.forName(Stepstream.class.getPackageName() + '.' + record)
            .asSubclass(SpecificRecordBase.class);
    return SpecificData.get().getSchema(type);
  }

  private static List<String> constants(Class<?> type) throws IllegalAccessException {
    List<String> values = new ArrayList<>();
    for (Field field : type.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
        values.add((String) field.get(null));
      }
    }
    return values;
  }
}
