package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Turns answers into bytes. */
public final class Rendering {

  private static final JsonFactory JSON = new JsonFactory();

  private Rendering() {}

  public static byte[] json(Answer answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      JsonMembers json = new JsonMembers(generator);
      generator.writeStartObject();
      switch (answer) {
        case Answer.Success(Answer.Members members) -> members.writeTo(json);
        case Answer.Refusal refusal ->
            json.text("__type", refusal.code())
                .text("message", refusal.message())
                .text("reason", refusal.reason());
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
