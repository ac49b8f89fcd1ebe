"""HTTPS with a certificate made on the spot."""
import http.client
import shutil
import ssl
import subprocess

from harness import Server, Shop, check, is_one_error, skip


def check_tls(shop: Shop) -> None:
    if not shutil.which("openssl"):
        return skip("TLS", "openssl is not installed")
    certificate, key, other = (str(shop.folder / name) for name in ("cert.pem", "key.pem", "other.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", other], check=True, capture_output=True)
    trusting = ssl.create_default_context(cafile=certificate)
    with Server(shop, "--tls-cert", certificate, "--tls-key", key, tls=trusting) as server:
        status, page, fields = server.exchange("GET", "/health")
        check("HTTPS answers with a certificate that is checked", status == 200 and page["status"] == "ok", (status, page))
        try:
            server.tls = ssl.create_default_context()
            server.call("GET", "/health")
            check("a client that does not trust the certificate is not connected", False)
        except ssl.SSLCertVerificationError:
            check("a client that does not trust the certificate is not connected", True)
        server.tls = None
        try:
            status = server.call("GET", "/health")[0]
        except (OSError, http.client.HTTPException):
            status = 0
        check("plain HTTP is not answered on the HTTPS port", status != 200, status)
        server.tls = trusting
        check("the server still answers after that", server.call("GET", "/health")[0] == 200)
        check("the HTTPS server ends well", server.stop() == 0)
    cases = [("a key that does not fit the certificate", certificate, other), ("a missing certificate", "/nowhere/cert.pem", key),
             ("a certificate that is none", key, key)]
    for name, cert, private in cases:
        done = shop.on("serve", "--port", "0", "--tls-cert", cert, "--tls-key", private, status=None, timeout=20)
        check(f"{name} is one clear error", done.returncode == 1 and done.stderr.count("souk: ") == 1, done.stderr)
    done = shop.on("serve", "--port", "0", "--tls-cert", certificate, status=None, timeout=20)
    check("a certificate without a key is one clear error", is_one_error(done, "--tls-key"), done.stderr)
