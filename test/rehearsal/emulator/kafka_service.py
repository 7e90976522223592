"""The part of Amazon MSK's API that a stack needs. The brokers of every cluster are the one Kafka of this machine."""

import uuid

from services import arn


class Kafka:
    def __init__(self, brokers):
        self.clusters = {}
        self._brokers = brokers

    def CreateCluster(self, ClusterName, **options):
        cluster = arn('kafka', f'cluster/{ClusterName}/{uuid.uuid4()}-2')
        self.clusters[cluster] = options
        return {'ClusterArn': cluster}

    def DeleteCluster(self, ClusterArn):
        del self.clusters[ClusterArn]

    def GetBootstrapBrokers(self, ClusterArn):
        return {'BootstrapBrokerStringSaslIam': self._brokers}
