import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes starts that nobody can read: {@code ./stepstream worker Letters.java BROKER TEXT...}
 */
void main(String[] arguments) throws Exception {
  Map<String, Object> config = Map.of("bootstrap.servers", arguments[0], "acks", "all");
  try (var producer =
      new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
    for (int i = 1; i < arguments.length; i++) {
      byte[] text = arguments[i].getBytes(StandardCharsets.UTF_8);
      var record = new ProducerRecord<>(Topics.START_EXECUTION, 0, text, text);
      record.headers().add(arguments[i], text);
      producer.send(record).get();
    }
  }
}
