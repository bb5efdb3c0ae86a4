import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from './certificate.ts';

describe('selfSignedCertificate', () => {
  it('is a certificate for the hosts, signed by its own key', () => {
    const { certificate, key } = selfSignedCertificate(['127.0.0.1', 'localhost'], Date.UTC(2026, 10, 21));
    const parsed = new X509Certificate(certificate);
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(parsed.checkIP('127.0.0.2')).toBeUndefined();
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(key).toContain('PRIVATE KEY');
    expect(parsed.validFromDate).toEqual(new Date('2026-11-20T00:00:00Z'));
    expect(parsed.validToDate).toEqual(new Date('2027-11-21T00:00:00Z'));
  });

  it('still writes its dates rightly from 2050 on', () => {
    const parsed = new X509Certificate(
      selfSignedCertificate(['localhost'], Date.UTC(2049, 5, 1)).certificate,
    );
    expect(parsed.validFromDate).toEqual(new Date('2049-05-31T00:00:00Z'));
    expect(parsed.validToDate).toEqual(new Date('2050-06-01T00:00:00Z'));
  });

  it('is another certificate each time', () => {
    const serials = Array.from({ length: 20 }, () => {
      return new X509Certificate(selfSignedCertificate(['localhost']).certificate).serialNumber;
    });
    expect(new Set(serials).size).toBe(20);
  });
});
