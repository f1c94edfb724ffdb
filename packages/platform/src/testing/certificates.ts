import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a throw-away certificate says. */
export interface CertificateWish {
  /** Alternative names as OpenSSL writes them: `DNS:db.example`, `IP:127.0.0.1`. None for a certificate with a common name alone. */
  readonly names: readonly string[];
  readonly commonName?: string;
  /** `YYYYMMDDhhmmssZ`; by default from yesterday's century to the end of this one. */
  readonly from?: string;
  readonly until?: string;
}

/** PEM files and their texts. */
export interface IssuedCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface CertificateAuthority {
  readonly caFile: string;
  readonly ca: string;
  /** Key of the authority itself. */
  readonly key: string;
  issue(wish: CertificateWish): IssuedCertificate;
}

/** True where throw-away certificates can be made. */
export function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** An authority of its own in a folder, which is made. For tests: its keys lie there in the open. */
export function makeAuthority(folder: string): CertificateAuthority {
  mkdirSync(folder, { recursive: true });
  const run = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  writeFileSync(join(folder, "index.txt"), "");
  writeFileSync(
    join(folder, "ca.cnf"),
    [
      "[ca]\ndefault_ca = own",
      "[own]\ndir = .\ndatabase = index.txt\nnew_certs_dir = .\nrand_serial = yes\ndefault_md = sha256\npolicy = any\nunique_subject = no",
      "[any]\ncommonName = optional",
      "[req]\ndistinguished_name = name\nprompt = no",
      "[name]\ncommonName = throw-away",
      "",
    ].join("\n\n"),
  );
  run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ca.key");
  run(
    "req",
    "-x509",
    "-new",
    "-config",
    "ca.cnf",
    "-key",
    "ca.key",
    "-subj",
    "/CN=throw-away authority",
    "-days",
    "36500",
    "-out",
    "ca.pem",
  );
  const caFile = join(folder, "ca.pem");
  let count = 0;
  return {
    caFile,
    ca: readFileSync(caFile, "utf8"),
    key: readFileSync(join(folder, "ca.key"), "utf8"),
    issue({ names, commonName = "server", from = "20200101000000Z", until = "20991231000000Z" }) {
      count += 1;
      const name = `server-${count}`;
      writeFileSync(
        join(folder, `${name}.ext`),
        names.length === 0 ? "basicConstraints=CA:FALSE\n" : `subjectAltName=${names.join(",")}\n`,
      );
      run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.key`);
      run("req", "-new", "-config", "ca.cnf", "-key", `${name}.key`, "-subj", `/CN=${commonName}`, "-out", `${name}.csr`);
      const signing = ["-keyfile", "ca.key", "-cert", "ca.pem", "-startdate", from, "-enddate", until, "-extfile", `${name}.ext`];
      run("ca", "-batch", "-notext", "-config", "ca.cnf", ...signing, "-in", `${name}.csr`, "-out", `${name}.pem`);
      const certFile = join(folder, `${name}.pem`);
      const keyFile = join(folder, `${name}.key`);
      return { certFile, keyFile, cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    },
  };
}
