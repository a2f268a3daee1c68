package io.stepstream.asl.items;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ItemRequestTest {

  private static final String REQUEST =
      """
      {"listing":true,"arguments":{"Bucket":"b","MaxKeys":5,"X":null},\
      "config":{"inputType":"CSV","transformation":"LOAD_AND_FLATTEN","manifestType":"ATHENA_DATA",\
      "csvDelimiter":"PIPE","csvHeaders":["a","ß"],"itemsPointer":"/x"},\
      "maxItems":4294967296,"from":3,"pageItems":100,"pageBytes":262000}\
      """;

  @Test
  void shouldCarryARequestThereAndBack() throws ReadRefused {
    ItemRequest read = ItemRequest.decode(REQUEST.getBytes(UTF_8));

    assertThat(read.source().config())
        .isEqualTo(
            new ReaderConfig(
                "CSV", "LOAD_AND_FLATTEN", "ATHENA_DATA", "PIPE", List.of("a", "ß"), "/x", null));
    assertThat(read.source().arguments())
        .isEqualTo(Map.of("Bucket", "b", "MaxKeys", 5, "X", Json.NULL));
    assertThat(read.source().maxItems()).isEqualTo(4_294_967_296L);
    assertThat(read.from()).isEqualTo(3);
    assertThat(read.encode()).asString(UTF_8).isEqualTo(REQUEST);
  }

  @Test
  void shouldLeaveOutWhatAReaderDoesNotGive() throws ReadRefused {
    ItemSource source =
        new ItemSource(
            ItemSource.Action.GET_OBJECT, Map.of("Bucket", "b", "Key", "k"), ReaderConfig.NONE, 0);
    ItemRequest request = new ItemRequest(source, 0, null, 1, 2);

    assertThat(ItemRequest.decode(request.encode())).isEqualTo(request);
    assertThat(request.encode()).asString(UTF_8).contains("\"config\":{}");
  }

  @Test
  void shouldRefuseWhatIsNoRequest() {
    for (String text :
        List.of(
            "",
            "[]",
            "{}",
            REQUEST.replace("true", "1"),
            REQUEST.replace("\"from\":3", "\"from\":-3"),
            REQUEST.replace("\"pageItems\":100", "\"pageItems\":4294967296"),
            REQUEST.replace("\"/x\"", "7"),
            REQUEST.replace("[\"a\",\"ß\"]", "\"a\""))) {
      assertThatThrownBy(() -> ItemRequest.decode(text.getBytes(UTF_8)))
          .as(text)
          .isInstanceOf(ReadRefused.class);
    }
  }

  @Test
  void shouldCarryAPageThereAndBackWithoutParsingItsItemsOnTheWay() throws ReadRefused {
    byte[] items = "[ 1.50,{\"a\" : \"ü\"}]".getBytes(UTF_8);

    byte[] text = new ItemPage(7, items, true).encode();

    assertThat(text)
        .asString(UTF_8)
        .isEqualTo("{\"from\":7,\"items\":[ 1.50,{\"a\" : \"ü\"}],\"last\":true}");
    assertThat(ItemPage.decode(text))
        .isEqualTo(new ItemPage.Decoded(7, List.of(1.5, Map.of("a", "ü")), true, null));
  }

  @Test
  void shouldCarryWhereATopicIsReadOn() throws ReadRefused {
    ItemSource topic =
        new ItemSource(
            ItemSource.Action.READ_TOPIC, Map.of("Topic", "orders"), ReaderConfig.NONE, 5);
    ItemRequest request = new ItemRequest(topic, 3, "0:7-9", 1, 2);
    byte[] page = new ItemPage(3, "[1]".getBytes(UTF_8), false, "0:8-9").encode();

    assertThat(request.resource()).isEqualTo("stepstream:readTopic");
    assertThat(ItemRequest.decode(request.encode())).isEqualTo(request);
    assertThat(topic.name()).isEqualTo("KAFKA://orders");
    assertThat(ItemPage.decode(page))
        .isEqualTo(new ItemPage.Decoded(3, List.of(1), false, "0:8-9"));
    assertThatThrownBy(
            () ->
                ItemPage.decode(
                    "{\"from\":1,\"items\":[],\"last\":true,\"cursor\":1}".getBytes(UTF_8)))
        .isInstanceOf(ReadRefused.class);
  }

  @Test
  void shouldRefuseWhatIsNoPage() {
    for (String text :
        List.of("1", "{\"from\":1,\"last\":true}", "{\"from\":1,\"items\":{},\"last\":true}")) {
      assertThatThrownBy(() -> ItemPage.decode(text.getBytes(UTF_8)))
          .as(text)
          .isInstanceOf(ReadRefused.class);
    }
  }

  @Test
  void shouldCarryAnObjectThereAndTheAnswerBack() throws ReadRefused {
    ObjectWrite write =
        ObjectWrite.decode(
            new ObjectWrite(Map.of("Bucket", "b", "Key", "k"), "[\"ü\"]".getBytes(UTF_8)).encode());
    ObjectWrite.Written written =
        ObjectWrite.Written.decode(new ObjectWrite.Written("k", 6).encode());

    assertThat(write.arguments()).isEqualTo(Map.of("Bucket", "b", "Key", "k"));
    assertThat(write.body()).asString(UTF_8).isEqualTo("[\"ü\"]");
    assertThat(written).isEqualTo(new ObjectWrite.Written("k", 6));
    assertThatThrownBy(() -> ObjectWrite.decode("{\"arguments\":{}}".getBytes(UTF_8)))
        .isInstanceOf(ReadRefused.class);
  }

  @Test
  void shouldCarryResultsThereAndSpansBack() throws ReadRefused {
    TopicWrite write =
        TopicWrite.decode(
            new TopicWrite(
                    "3",
                    Map.of("Topic", "t"),
                    "arn:m:1",
                    2,
                    true,
                    List.of(new TopicWrite.Result(1L << 33, false, "{\"ü\":1.50}".getBytes(UTF_8))))
                .encode());
    TopicSpans spans =
        TopicSpans.NONE.with(2, 9).with(2, 7).with(0, 1L << 40).with(TopicSpans.NONE.with(2, 8));

    assertThat(write.batch()).isEqualTo("3");
    assertThat(write.arguments()).isEqualTo(Map.of("Topic", "t"));
    assertThat(write.mapRunArn()).isEqualTo("arn:m:1");
    assertThat(write.redrive()).isEqualTo(2);
    assertThat(write.flatten()).isTrue();
    assertThat(write.results().getFirst().child()).isEqualTo(1L << 33);
    assertThat(write.results().getFirst().succeeded()).isFalse();
    assertThat(write.results().getFirst().json()).isEqualTo("{\"ü\":1.50}".getBytes(UTF_8));
    assertThat(TopicWrite.Written.decode(new TopicWrite.Written("3", spans).encode()))
        .isEqualTo(new TopicWrite.Written("3", spans));
    assertThat(spans.encode()).isEqualTo("{\"0\":[1099511627776,1099511627777],\"2\":[7,10]}");
    for (String answer :
        List.of(
            "{\"spans\":{}}",
            "{\"batch\":\"1\"}",
            "{\"batch\":\"1\",\"spans\":{\"x\":[1,2]}}",
            "{\"batch\":\"1\",\"spans\":{\"0\":[2,1]}}",
            "{\"batch\":\"1\",\"spans\":{\"0\":[1]}}")) {
      assertThatThrownBy(() -> TopicWrite.Written.decode(answer.getBytes(UTF_8)))
          .as(answer)
          .isInstanceOf(ReadRefused.class);
    }
    String request =
        "{\"batch\":\"1\",\"arguments\":{},\"mapRunArn\":\"a\",\"redrive\":0,\"flatten\":false%s}";
    for (String results :
        List.of("", ",\"results\":[[1,true]]", ",\"results\":[[\"1\",true,\"1\"]]")) {
      assertThatThrownBy(() -> TopicWrite.decode(request.formatted(results).getBytes(UTF_8)))
          .as(results)
          .isInstanceOf(ReadRefused.class);
    }
  }
}
