"""Words that tables of fields are written with, in the languages people write them in.

Every word is looked up by `key_of`: plain letters, no case, no spaces.
"""

from collections.abc import Mapping

from rockets_tools.documents.mapping import words
from rockets_tools.plan import names


def key_of(text: str) -> str:
    """`Valeur par défaut` is `valeurpardefaut`."""
    return names.key(words.plain(text))


def _roles(text: Mapping[str, str]) -> Mapping[str, str]:
    return {key_of(word): role for role, written in text.items() for word in written.split("|")}


HEADERS: Mapping[str, str] = _roles(
    {
        "name": "field|field name|name|column|column name|property|attribute|attribute name"
        "|feld|feldname|spalte|attribut|eigenschaft|merkmal|champ|nom|colonne|propriété"
        "|campo|nombre|columna|atributo|nome|coluna|colonna|attributo|veld|kenmerk|pole|поле"
        "|字段|字段名|列名|项目|項目|カラム|カラム名|컬럼|컬럼명|필드|필드명|cột|trường",
        "type": "type|data type|field type|column type|datatype|typ|datentyp|feldtyp"
        "|type de données"
        "|tipo|tipo de dato|tipo de datos|tipo de dado|tipo di dato|gegevenstype|тип"
        "|类型|数据类型|型|データ型|타입|데이터 타입|자료형|kiểu|kiểu dữ liệu",
        "required": "required|mandatory|not null|req|pflicht|pflichtfeld|erforderlich|muss"
        "|obligatoire|requis|obligatorio|requerido|obrigatório|obbligatorio|richiesto|verplicht"
        "|обязательно|обязательное|必填|是否必填|必須|필수|필수 여부|bắt buộc",
        "nullable": "nullable|null|optional|leer erlaubt|facultatif|optionnel|opcional|facoltativo"
        "|optioneel|可空|允许空|null 허용|널 허용",
        "unique": "unique|eindeutig|único|univoco|uniek|уникальное|唯一|ユニーク|유니크|고유",
        "default": "default|default value|standard|standardwert|vorgabe|valeur par défaut|défaut"
        "|por defecto|valor por defecto|padrão|valor padrão|predefinito|valore predefinito"
        "|standaard|standaardwaarde|默认|默认值|デフォルト|デフォルト値|기본값|mặc định",
        "key": "key|keys|pk fk|pk/fk|schlüssel|clé|clave|chave|chiave|sleutel|键|キー|키|khóa",
        "constraints": "constraints|constraint|einschränkungen|contraintes|restricciones"
        "|restrições|vincoli|beperkingen|ограничения|约束|制約|제약|제약조건|ràng buộc",
        "references": "references|reference|foreign key|fk|relation|relates to|verweis|referenz"
        "|beziehung|fremdschlüssel|référence|clé étrangère|referencia|clave foránea|referência"
        "|riferimento|verwijzing",
        "notes": "description|notes|note|comment|comments|remarks|rules"
        "|validation|details|beschreibung|bemerkung|hinweis|hinweise|anmerkung|kommentar|regeln"
        "|remarques|commentaire|règles|descripción|notas|comentario|reglas|descrição|observações"
        "|descrizione|omschrijving|beschrijving|opmerking|описание|说明|描述|备注|説明|備考|설명"
        "|비고|ghi chú|mô tả",
    }
)
"""What a column of such a table says, by its heading."""

YES = frozenset(
    map(
        key_of,
        [
            "yes",
            "y",
            "true",
            "x",
            "required",
            "mandatory",
            "1",
            "not null",
            "unique",
            "ja",
            "j",
            "wahr",
            "pflicht",
            "erforderlich",
            "oui",
            "o",
            "vrai",
            "obligatoire",
            "sí",
            "s",
            "verdadero",
            "obligatorio",
            "sim",
            "verdadeiro",
            "obrigatório",
            "vero",
            "obbligatorio",
            "verplicht",
            "да",
            "是",
            "はい",
            "예",
            "có",
        ],
    )
)
MARKS = frozenset({"✓", "✔", "✅", "☑", "●", "•", "+"})
"""Signs that mean yes."""

TYPES: Mapping[str, str] = _roles(
    {
        "string": "zeichenkette|zeichen|kurztext|chaîne|chaîne de caractères|cadena|cadena de texto"
        "|cadeia|stringa|short text|string of text|characters|tekenreeks|строка",
        "text": "langtext|freitext|fliesstext|texte|texte long|texto|texto largo|texto longo|testo"
        "|long text|free text|multiline|multiline text|tekst|текст",
        "integer": "ganzzahl|ganze zahl|zahl|entier|nombre entier|entero|número entero|inteiro"
        "|número"
        "|intero|numero|whole number|geheel getal|getal|целое|целое число|число",
        "decimal": "dezimal|dezimalzahl|kommazahl|décimal|nombre décimal|número decimal|decimale"
        "|decimal number|decimaal",
        "money": "betrag|währung|geldbetrag|montant|monnaie|importe|moneda|moeda|valor monetário"
        "|importo|valuta|currency amount|bedrag",
        "date": "datum|kalendertag|fecha|data|giorno|дата",
        "datetime": "zeitstempel|zeitpunkt|datum und uhrzeit|datum/uhrzeit|horodatage|date et heure"
        "|fecha y hora|marca de tiempo|data e hora|data e ora|date and time|date/time|tijdstip",
        "time": "uhrzeit|heure|hora|ora|time of day|tijd",
        "boolean": "wahrheitswert|ja/nein|ja nein|booléen|oui/non|booleano|sí/no|lógico|sim/não"
        "|sì/no|yes/no|yes no|true/false|checkbox|ja/nee|булево",
        "enum": "aufzählung|auswahl|auswahlliste|werteliste|énumération|liste de valeurs"
        "|enumeración|enumerado|enumeração|enumerazione|choice|select|dropdown|one of|picklist"
        "|opsomming|перечисление",
        "list": "liste|liste von|lista|lista de|array of|list of|set of|lijst|multiple",
        "image": "bild|foto|photo|picture|imagen|imagem|immagine|datei|fichier|archivo|upload",
        "json": "objekt|objet|objeto|oggetto|dictionary|key value|key-value",
    }
)
"""Names of types in words, as a name that `types.column_type` knows."""

REFERENCE = (
    r"fk|foreign key|references?|ref|belongs to|many[ -]to[ -]one|one[ -]to[ -]one|link(?:ed)? to"
    r"|verweis|verweist|referenz|fremdschlüssel|gehört zu|référence|clé étrangère|referencia"
    r"|clave foránea|referência|chave estrangeira|riferimento|chiave esterna|verwijzing"
)
"""Ways to say that a field refers to another entity."""
MANY = (
    r"many[ -]to[ -]many(?: with| to)?|has many|[nm]:[mn]|viele[ -]zu[ -]viele|muchos a muchos"
    r"|muitos para muitos|plusieurs à plusieurs"
)
LISTS = r"array|list|set|collection|liste|lista|lijst|tableau"
FILLERS = r"to|of|with|auf|von|vers|à|de|a|la|le|el|an|zu|op|van|naar|di"
"""Small words between one of those and the entity."""
ENTITY = r"entity|table|model|schema|entität|entité|entidad|entidade|entità|entiteit|tabelle|tabla"
"""Words of a heading that say that it names an entity."""
