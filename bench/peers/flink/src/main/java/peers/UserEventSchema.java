package peers;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Kafka's records as events; what is none is dropped. */
public class UserEventSchema implements KafkaRecordDeserializationSchema<UserEvent> {
  private transient AvroReader reader;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    reader = new AvroReader();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<UserEvent> out) {
    if (record.value() == null) return;
    try {
      UserEvent event = reader.read(record.value());
      event.partition = record.partition();
      event.timestamp = record.timestamp();
      out.collect(event);
    } catch (AvroReader.NotAnEvent notAnEvent) {
      // Dropped, and the partition goes on.
    }
  }

  @Override
  public TypeInformation<UserEvent> getProducedType() {
    return TypeInformation.of(UserEvent.class);
  }
}
