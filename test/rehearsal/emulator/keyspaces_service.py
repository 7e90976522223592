"""The part of Amazon Keyspaces' API that CloudFormation needs. A name can be taken once."""

from errors import Failed


class Keyspaces:
    def __init__(self):
        self.keyspaces = {}

    def CreateKeyspace(self, keyspaceName):
        if keyspaceName in self.keyspaces:
            raise Failed(f"Resource of type 'AWS::Cassandra::Keyspace' with identifier '{keyspaceName}' already exists.")
        self.keyspaces[keyspaceName] = {}
        return {}

    def DeleteKeyspace(self, keyspaceName):
        if self._tables(keyspaceName):
            raise Failed(f'The keyspace {keyspaceName} has tables')
        del self.keyspaces[keyspaceName]

    def ListKeyspaces(self):
        return {'keyspaces': [{'keyspaceName': name} for name in self.keyspaces]}

    def ListTables(self, keyspaceName):
        return {'tables': [{'tableName': name} for name in self._tables(keyspaceName)]}

    def CreateTable(self, keyspaceName, tableName, **options):
        tables = self._tables(keyspaceName)
        if tableName in tables:
            identifier = f'{keyspaceName}|{tableName}'
            raise Failed(f"Resource of type 'AWS::Cassandra::Table' with identifier '{identifier}' already exists.")
        tables[tableName] = options

    def UpdateTable(self, keyspaceName, tableName, addColumns=(), **options):
        table = self._tables(keyspaceName)[tableName]
        columns = table['schemaDefinition']['allColumns']
        # AWS's documents do not say it: an existing column is refused, as in Cassandra.
        taken = {one['name'] for one in columns} & {one['name'] for one in addColumns}
        if taken:
            raise Failed(f'The table {keyspaceName}.{tableName} has the columns already: {", ".join(sorted(taken))}')
        columns += addColumns
        table.update(options)

    def DeleteTable(self, keyspaceName, tableName):
        del self._tables(keyspaceName)[tableName]

    def _tables(self, keyspace):
        if keyspace not in self.keyspaces:
            raise Failed(f'Keyspace {keyspace} does not exist')
        return self.keyspaces[keyspace]
