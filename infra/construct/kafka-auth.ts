import { type KeyOrArn, type SecretOrArn, secretSettings } from './given.ts';

/** How the event source mapping logs in at the brokers. */
export class KafkaAuth<Kind extends string = string> {
  /** The kind of the login, by which a source takes only those that it knows. */
  readonly kind: Kind;
  /** The login's settings in a stage. */
  readonly settings: Readonly<Record<string, unknown>>;

  private constructor(kind: Kind, settings: Readonly<Record<string, unknown>> = {}) {
    this.kind = kind;
    this.settings = settings;
  }

  /** Logs in with the function's role. For MSK and MSK Serverless. */
  static iam(): KafkaAuth<'iam'> {
    return new KafkaAuth('iam');
  }

  /**
   * Logs in by SASL/SCRAM-SHA-512.
   * @param secret `{"username":…,"password":…}`. MSK asks for a name that begins with AmazonMSK_.
   * @param key the key that the secret is encrypted with, if it is not AWS's own; a secret's own key unless given. MSK asks for one.
   */
  static scram512(secret: SecretOrArn, key?: KeyOrArn): KafkaAuth<'scram-512'> {
    return new KafkaAuth('scram-512', secretSettings(secret, key));
  }

  /** Logs in by SASL/SCRAM-SHA-256, with secret and key as above. For self-managed brokers. */
  static scram256(secret: SecretOrArn, key?: KeyOrArn): KafkaAuth<'scram-256'> {
    return new KafkaAuth('scram-256', secretSettings(secret, key));
  }

  /** Logs in by SASL/PLAIN over TLS, with secret and key as above. For self-managed brokers. */
  static plain(secret: SecretOrArn, key?: KeyOrArn): KafkaAuth<'plain'> {
    return new KafkaAuth('plain', secretSettings(secret, key));
  }

  /**
   * Logs in with a client certificate.
   * @param secret `{"certificate":…,"privateKey":…}`, both PEM; `privateKeyPassword` if the key has one.
   * @param key the key that the secret is encrypted with, if it is not AWS's own; a secret's own key unless given.
   */
  static mtls(secret: SecretOrArn, key?: KeyOrArn): KafkaAuth<'mtls'> {
    return new KafkaAuth('mtls', secretSettings(secret, key));
  }

  /** Does not log in. For MSK without IAM, and for self-managed brokers in a VPC. */
  static none(): KafkaAuth<'none'> {
    return new KafkaAuth('none');
  }
}
