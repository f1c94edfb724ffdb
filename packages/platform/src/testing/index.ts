export { type CertificateAuthority, type CertificateWish, hasOpenssl, type IssuedCertificate, makeAuthority } from "./certificates.ts";
export { type Cut, type CuttingProxy, startCuttingProxy } from "./cutting-proxy.ts";
export { findPostgres, type PostgresServer, startPostgresServer } from "./postgres-server.ts";
