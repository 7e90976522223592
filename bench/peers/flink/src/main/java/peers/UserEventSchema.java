package peers;

import com.flink_streaming.events.UserEvent;
import java.io.IOException;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.AvroDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads Kafka's records as events, by Flink's own format for Avro. */
public class UserEventSchema implements KafkaRecordDeserializationSchema<ReceivedEvent> {
  private final DeserializationSchema<UserEvent> avro =
      AvroDeserializationSchema.forSpecific(UserEvent.class);

  @Override
  public void open(DeserializationSchema.InitializationContext context) throws Exception {
    avro.open(context);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ReceivedEvent> out)
      throws IOException {
    ReceivedEvent received = new ReceivedEvent();
    received.partition = record.partition();
    received.timestamp = record.timestamp();
    received.event = avro.deserialize(record.value());
    out.collect(received);
  }

  @Override
  public TypeInformation<ReceivedEvent> getProducedType() {
    return TypeInformation.of(ReceivedEvent.class);
  }
}
