// Bouncy Castle's light-weight interface. Rows as in ../c/bench.h.
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cryptopro.ECGOST3410NamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.GOST3411_2012_256Digest;
import org.bouncycastle.crypto.digests.GOST3411_2012_512Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECGOST3410Signer;

public final class Peer {
  private static final String[][] CURVES = {
    {"256-A", "Tc26-Gost-3410-12-256-paramSetA"},
    {"256-B", "GostR3410-2001-CryptoPro-A"},
    {"256-C", "GostR3410-2001-CryptoPro-B"},
    {"256-D", "GostR3410-2001-CryptoPro-C"},
    {"512-A", "Tc26-Gost-3410-12-512-paramSetA"},
    {"512-B", "Tc26-Gost-3410-12-512-paramSetB"},
    {"512-C", "Tc26-Gost-3410-12-512-paramSetC"},
  };
  private static final Object[][] LENGTHS = {{"64 B", 64}, {"1 kB", 1024}, {"1.5 kB", 1500}, {"1 MiB", 1 << 20}};
  private static final double SECONDS = Double.parseDouble(System.getenv().getOrDefault("BENCH_MS", "200")) / 1000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static String group = "";
  static volatile Object sink;

  public static void main(String[] arguments) {
    if (arguments.length > 0) group = arguments[0];
    for (String[] curve : CURVES) signatures(curve[0], curve[1]);
    hashes("Streebog-256", new GOST3411_2012_256Digest());
    hashes("Streebog-512", new GOST3411_2012_512Digest());
  }

  private static void signatures(String subject, String curve) {
    if (!subject.startsWith(group)) return;
    ASN1ObjectIdentifier oid = ECGOST3410NamedCurves.getOID(curve);
    X9ECParameters named = ECGOST3410NamedCurves.getByOIDX9(oid);
    ECDomainParameters domain = new ECDomainParameters(named.getCurve(), named.getG(), named.getN(), named.getH());
    AsymmetricCipherKeyPair pair = generate(domain);
    byte[] digest = new byte[subject.startsWith("512") ? 64 : 32];
    java.util.Arrays.fill(digest, (byte) 0x5a);
    ECGOST3410Signer signer = new ECGOST3410Signer();
    signer.init(true, new ParametersWithRandom(pair.getPrivate(), RANDOM));
    BigInteger[] signature = signer.generateSignature(digest);
    ECGOST3410Signer verifier = new ECGOST3410Signer();
    verifier.init(false, pair.getPublic());
    row(subject, "sign", 1, () -> sink = signer.generateSignature(digest));
    row(subject, "verify", 1, () -> {
      if (!verifier.verifySignature(digest, signature[0], signature[1])) throw new IllegalStateException(subject);
    });
    row(subject, "generate", 1, () -> sink = generate(domain));
  }

  private static AsymmetricCipherKeyPair generate(ECDomainParameters domain) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(domain, RANDOM));
    return generator.generateKeyPair();
  }

  private static void hashes(String subject, Digest digest) {
    byte[] octets = new byte[digest.getDigestSize()];
    for (Object[] length : LENGTHS) {
      byte[] data = new byte[(Integer) length[1]];
      row(subject, (String) length[0], data.length / 1e6, () -> {
        digest.update(data, 0, data.length);
        digest.doFinal(octets, 0);
      });
    }
  }

  /** Best of five after as long again for the compiler, by thread CPU time: neither it nor the collector counts. */
  private static void row(String subject, String work, double amount, Runnable once) {
    if (!subject.startsWith(group)) return;
    rate(once, Math.max(SECONDS, 0.5));
    double best = 0;
    for (int run = 0; run < 5; run++) best = Math.max(best, rate(once, SECONDS / 5));
    System.out.printf(Locale.ROOT, "Bouncy Castle\t%s\t%s\t%.1f%n", subject, work, best * amount);
  }

  private static double rate(Runnable once, double seconds) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (long count = 1; ; count++) {
      once.run();
      double elapsed = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
      if (elapsed >= seconds) return count / elapsed;
    }
  }
}
