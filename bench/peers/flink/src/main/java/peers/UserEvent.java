package peers;

import java.util.Map;
import java.util.UUID;

/** A valid event and where it came from. A Flink POJO: public fields and no constructor. */
public class UserEvent {
  public int partition;
  /** Milliseconds: the Kafka record's. */
  public long timestamp;

  public UUID userId;
  public String eventType;
  /** Milliseconds. */
  public long eventTime;

  public UUID eventId;
  public Map<String, String> metadata;
}
