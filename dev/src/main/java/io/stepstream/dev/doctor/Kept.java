package io.stepstream.dev.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is left of somebody's answer: the members that are named, and of their texts those that look
 * like names, numbers and times. What is new in an answer is left out until it is named here.
 */
record Kept(Set<String> members) {

  static final String WITHHELD = "(withheld)";

  private static final Pattern PLAIN = Pattern.compile("[\\p{Alnum} ._:/,+\\-\\[\\]]{0,300}");

  static final Kept INFO = new Kept(Set.of("name", "version", "java"));

  static final Kept HEALTH =
      new Kept(
          Set.of(
              "status",
              "checks",
              "name",
              "data",
              "standard lane",
              "express lane",
              "history view",
              "calls",
              "standard lane: state",
              "express lane: state",
              "history view: state"));

  static final Kept NODES =
      new Kept(
          Set.of(
              "nodes",
              "id",
              "address",
              "version",
              "startDate",
              "lanes",
              "lane",
              "state",
              "since",
              "unreachable",
              "partitions",
              "task",
              "partition",
              "inputs",
              "lag",
              "copies",
              "node",
              "role",
              "storeLag",
              "restore",
              "restored",
              "total"));

  static final Kept QUEUES =
      new Kept(
          Set.of(
              "queues",
              "queue",
              "limits",
              "maxConcurrency",
              "ratePerSecond",
              "paused",
              "updateDate",
              "backlog",
              "workers",
              "pools",
              "pool",
              "handlers",
              "version",
              "lastSeen"));

  /** Without reasons, keys, values and headers: they are the record's. */
  static final Kept LETTERS =
      new Kept(
          Set.of(
              "deadLetters",
              "id",
              "time",
              "source",
              "topic",
              "partition",
              "offset",
              "component",
              "answered",
              "leftOut",
              "state",
              "stateDate"));

  /** The text, if it looks harmless. */
  static String plain(String text) {
    return PLAIN.matcher(text).matches() ? text : WITHHELD;
  }

  JsonNode of(JsonNode answer) {
    if (answer.isObject()) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      answer.forEachEntry(
          (name, value) -> {
            if (members.contains(name)) {
              kept.set(name, of(value));
            }
          });
      return kept;
    }
    if (answer.isArray()) {
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      answer.forEach(each -> kept.add(of(each)));
      return kept;
    }
    return answer.isTextual() ? TextNode.valueOf(plain(answer.textValue())) : answer;
  }
}
