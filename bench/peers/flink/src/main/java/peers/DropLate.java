package peers;

import com.datastax.driver.core.LocalDate;
import com.flink_streaming.events.UserEvent;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Drops what is late, and makes rows of the others. Flink's own watermarks are made between records, so that how late an event may be
 * would depend on when that was; here each is judged by its partition's largest time so far, which is kept in operator state.
 */
public class DropLate
    extends ProcessFunction<ReceivedEvent, Tuple6<UUID, LocalDate, Date, String, UUID, Map<String, String>>>
    implements CheckpointedFunction {
  private static final long OUT_OF_ORDERNESS = 120_000;
  private static final long MAX_FUTURE = OUT_OF_ORDERNESS;
  private static final long DAY = 86_400_000;

  private transient Map<Integer, Long> maxEventTimes;
  private transient ListState<Tuple2<Integer, Long>> checkpointed;

  @Override
  public void processElement(
      ReceivedEvent received,
      Context context,
      Collector<Tuple6<UUID, LocalDate, Date, String, UUID, Map<String, String>>> out) {
    UserEvent event = received.event;
    long eventTime = event.getEventTime().toEpochMilli();
    Long max = maxEventTimes.get(received.partition);
    if (max != null && eventTime < max - OUT_OF_ORDERNESS) return;
    boolean future = eventTime > received.timestamp + MAX_FUTURE;
    if (!future && (max == null || eventTime > max))
      maxEventTimes.put(received.partition, eventTime);
    out.collect(
        Tuple6.of(
            event.getUserId(),
            LocalDate.fromDaysSinceEpoch((int) Math.floorDiv(eventTime, DAY)),
            new Date(eventTime),
            event.getEventType(),
            event.getEventId(),
            event.getMetadata()));
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    checkpointed.clear();
    for (Map.Entry<Integer, Long> max : maxEventTimes.entrySet())
      checkpointed.add(Tuple2.of(max.getKey(), max.getValue()));
  }

  /** Every subtask is given all maxima: after a restart a partition may be another one's. */
  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    maxEventTimes = new HashMap<>();
    checkpointed =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>("max event times", Types.TUPLE(Types.INT, Types.LONG)));
    for (Tuple2<Integer, Long> max : checkpointed.get())
      maxEventTimes.merge(max.f0, max.f1, Math::max);
  }
}
