export { type CertificateAuthority, type CertificateWish, hasOpenssl, type IssuedCertificate, makeAuthority } from "./certificates.ts";
export { findPostgres, type PostgresServer, startPostgresServer } from "./postgres-server.ts";
