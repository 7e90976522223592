package peers;

import com.datastax.driver.core.Cluster;
import com.datastax.driver.core.ConsistencyLevel;
import com.datastax.driver.core.LocalDate;
import com.datastax.driver.core.QueryOptions;
import java.util.Date;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.utils.ParameterTool;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.cassandra.CassandraSink;
import org.apache.flink.streaming.connectors.cassandra.ClusterBuilder;

/**
 * A topic of UserEvents into user_events, on a cluster within this process; ends with the topic's present end. The option
 * --object-reuse hands objects from operator to operator as they are, where Flink copies them by default.
 */
public final class UserEventsJob {
  private static final int CHECKPOINT_INTERVAL_MS = 10_000;
  /** Without a limit, requests pile up until the driver's time out and the job begins anew. */
  private static final int MAX_CONCURRENT_REQUESTS = 1_000;

  public static void main(String[] arguments) throws Exception {
    ParameterTool options = ParameterTool.fromArgs(arguments);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    environment.enableCheckpointing(CHECKPOINT_INTERVAL_MS);
    if (options.has("object-reuse")) environment.getConfig().enableObjectReuse();

    KafkaSource<ReceivedEvent> source =
        KafkaSource.<ReceivedEvent>builder()
            .setBootstrapServers(options.getRequired("bootstrap-servers"))
            .setTopics(options.getRequired("topic"))
            .setGroupId(options.getRequired("group"))
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setDeserializer(new UserEventSchema())
            .build();
    DataStream<?> rows =
        environment
            .fromSource(source, WatermarkStrategy.noWatermarks(), "user events")
            .process(new DropLate())
            .returns(
                Types.TUPLE(
                    TypeInformation.of(java.util.UUID.class),
                    TypeInformation.of(LocalDate.class),
                    TypeInformation.of(Date.class),
                    Types.STRING,
                    TypeInformation.of(java.util.UUID.class),
                    Types.MAP(Types.STRING, Types.STRING)));
    CassandraSink.addSink(rows)
        .setQuery(
            "INSERT INTO "
                + options.getRequired("keyspace")
                + ".user_events (user_id, bucket_date, event_time, event_type, event_id, metadata)"
                + " VALUES (?, ?, ?, ?, ?, ?)")
        .setClusterBuilder(
            new Contact(options.getRequired("cassandra-host"), options.getInt("cassandra-port")))
        .setMaxConcurrentRequests(MAX_CONCURRENT_REQUESTS)
        .build();
    environment.execute("user events");
    // The job's threads are not all daemons.
    System.exit(0);
  }

  /** Not an anonymous class: Flink ships it, and must not ship the job's main class with it. */
  private static final class Contact extends ClusterBuilder {
    private final String host;
    private final int port;

    Contact(String host, int port) {
      this.host = host;
      this.port = port;
    }

    @Override
    protected Cluster buildCluster(Cluster.Builder builder) {
      return builder
          .addContactPoint(host)
          .withPort(port)
          .withQueryOptions(
              new QueryOptions().setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM))
          .build();
    }
  }

  private UserEventsJob() {}
}
