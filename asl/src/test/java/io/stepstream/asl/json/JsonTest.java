package io.stepstream.asl.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static Object tree(String text) {
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.toString());
    };
  }

  private static Decoded.Malformed malformed(String text) {
    return switch (Json.decode(text)) {
      case Decoded.Tree tree -> throw new AssertionError(tree.toString());
      case Decoded.Malformed malformed -> malformed;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "0",
        "-7",
        "2147483648",
        "123456789012345678901234567890",
        "1.5",
        "0.1",
        "1.0",
        "\"\"",
        "[]",
        "{}",
        "{\"z\":1,\"a\":[null,{\"b\":[]}]}",
        "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"",
        "\"ä€\uD83D\uDE00\"",
        "\"\\ud800\"",
        "0.1234567890123456789"
      })
  void shouldKeepWhatItDecodes(String text) {
    assertThat(Json.encode(tree(text))).isEqualTo(text);
    assertThat(Json.encodeUtf8(tree(text))).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldUseTheNarrowestNumberThatLosesNothing() {
    assertThat(tree("1")).isInstanceOf(Integer.class);
    assertThat(tree("9007199254740993")).isEqualTo(9007199254740993L);
    assertThat(tree("123456789012345678901")).isInstanceOf(BigInteger.class);
    assertThat(tree("1.5")).isInstanceOf(Double.class);
    assertThat(tree("1.00000000000000000001")).isInstanceOf(BigDecimal.class);
    assertThat(tree("1e400")).isInstanceOf(BigDecimal.class);
  }

  @Test
  void shouldTakeTheLastOfDuplicateKeys() {
    assertThat(tree("{\"a\":1,\"a\":2}")).isEqualTo(Map.of("a", 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "[1,]", "{'a':1}", "1 2", "nul", "\"a", "{\"a\" 1}", "1e999999999"})
  void shouldRefuseWhatIsNotJson(String text) {
    assertThat(malformed(text).message()).isNotBlank().doesNotContain("Source");
  }

  @Test
  void shouldSayWhereTheTextIsMalformed() {
    assertThat(malformed("{\n  \"a\": x}").line()).isEqualTo(2);
  }

  @Test
  void shouldRefuseExcessiveDepthAndNumbers() {
    assertThat(malformed("[".repeat(100_000)).message()).contains("nesting");
    assertThat(malformed("1".repeat(100_000)).message()).contains("length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1.0|true",
        "0|-0.0|true",
        "9007199254740992|9007199254740993|false",
        "[1,{\"a\":2}]|[1.0,{\"a\":2.0}]|true",
        "{\"a\":1,\"b\":2}|{\"b\":2,\"a\":1}|true",
        "{\"a\":null}|{\"b\":null}|false",
        "null|false|false",
        "\"1\"|1|false",
        "[1,2]|[1]|false"
      })
  void shouldCompareByValue(String a, String b, boolean equal) {
    assertThat(Json.equal(tree(a), tree(b))).isEqualTo(equal);
    if (equal) {
      assertThat(Json.hash(tree(a))).isEqualTo(Json.hash(tree(b)));
    }
  }

  @Test
  void shouldStopEncodingBehindTheBound() {
    Object doubled = List.of("x");
    for (int i = 0; i < 60; i++) {
      doubled = List.of(doubled, doubled);
    }
    assertThat(Json.encodeUtf8(doubled, 262_144)).isNull();
    assertThat(Json.encodeUtf8("abc", 5)).isEqualTo("\"abc\"".getBytes(StandardCharsets.UTF_8));
    assertThat(Json.encodeUtf8("abc", 4)).isNull();
  }

  @Test
  void shouldNotEncodeBoundedWhatCouldNotBeDecoded() {
    Object nested = new ArrayList<>();
    for (int i = 0; i < 2 * Json.MAX_DEPTH; i++) {
      nested = List.of(nested);
    }
    assertThat(Json.encodeUtf8(nested, 262_144)).isNull();
  }

  @Test
  void shouldRefuseToEncodeOtherObjects() {
    assertThatThrownBy(() -> Json.encode(List.of(new Object())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldWriteNullForNumbersThatJsonLacks() {
    assertThat(Json.encode(Double.POSITIVE_INFINITY)).isEqualTo("null");
  }

  @Property(tries = 500)
  void everyTreeSurvivesItsText(@ForAll("trees") Object json) {
    assertThat(Json.equal(tree(Json.encode(json)), json)).isTrue();
  }

  @Provide
  Arbitrary<Object> trees() {
    return trees(3);
  }

  private static Arbitrary<Object> trees(int depth) {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.just(Json.NULL),
            Arbitraries.of(true, false).map(b -> (Object) b),
            Arbitraries.integers().map(i -> (Object) i),
            Arbitraries.longs().map(l -> (Object) l),
            Arbitraries.doubles().map(d -> (Object) d),
            Arbitraries.bigDecimals().map(d -> (Object) d),
            Arbitraries.strings().map(s -> (Object) s));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Object> lower = trees(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        lower.list().ofMaxSize(4).map(l -> (Object) l),
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), lower)
            .ofMaxSize(4)
            .map(m -> (Object) m));
  }
}
