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
}
