package io.stepstream.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A handler of somebody's, which comes to the worker's image in a jar. */
public final class Shout implements TaskHandler {

  @Override
  public List<String> serves() {
    return List.of("shout");
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) {
    return TextNode.valueOf(input.asText().toUpperCase(Locale.ROOT));
  }

  /** Packs it. */
  static void jar(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out);
        InputStream compiled = Shout.class.getResourceAsStream("Shout.class")) {
      jar.putNextEntry(new JarEntry("io/stepstream/images/Shout.class"));
      compiled.transferTo(jar);
      jar.putNextEntry(new JarEntry("META-INF/services/" + TaskHandler.class.getName()));
      jar.write(Shout.class.getName().getBytes(StandardCharsets.UTF_8));
    }
  }
}
