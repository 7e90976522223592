package peers;

import com.flink_streaming.events.UserEvent;

/** An event and where it came from. A Flink POJO: public fields and no constructor. */
public class ReceivedEvent {
  public int partition;
  /** Milliseconds: the Kafka record's. */
  public long timestamp;

  public UserEvent event;
}
