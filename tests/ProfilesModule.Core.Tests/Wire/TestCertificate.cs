using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProfilesModule.Core.Tests.Wire;

/// <summary>Makes certificates that nobody trusts.</summary>
internal static class TestCertificate
{
    /// <param name="name">The host that it is for.</param>
    /// <param name="days">How long it is valid from now; a negative number for one that has expired.</param>
    public static X509Certificate2 For(string name, int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-60), now.AddDays(days));

        // Windows cannot serve with a key that is only in memory.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
