/**
 * Orders to let go of instructions and to hide it from the user, in other languages that models read. Of a text in
 * lower case whose Latin letters have no accents.
 */
export const FOREIGN_ORDERS = new RegExp(
  [
    // German
    String.raw`\b(?:ignorier(?:e|en)?|vergiss|vergessen sie|missachte)\b[^.!?\n]{0,40}\b(?:anweisung|anweisungen|vorgaben|regeln|instruktionen)`,
    String.raw`\b(?:sag|sage|sagen sie|verrate|erzahl|erzahle|teile|informier(?:e|en sie)?)\b[^.!?\n]{0,40}\b(?:nutzer|benutzer|anwender|user|mensch(?:en)?)\b[^.!?\n]{0,20}\b(?:nicht|nichts|kein)`,
    String.raw`\b(?:ohne)\b[^.!?\n]{0,20}\b(?:nutzer|benutzer|anwender)\b[^.!?\n]{0,20}\b(?:informieren|fragen|sagen|benachrichtigen)`,
    // French
    String.raw`\b(?:ignor(?:e|ez|er)|oubli(?:e|ez|er))\b[^.!?\n]{0,30}\b(?:instructions?|consignes?|directives?)\b[^.!?\n]{0,20}\b(?:precedent|anterieur|initial)`,
    String.raw`\b(?:ne|n['’])\b[^.!?\n]{0,20}\b(?:dis|dites|mentionne|mentionnez|informe|informez|revele|revelez)\b[^.!?\n]{0,30}\b(?:utilisateur|utilisatrice|humain)`,
    String.raw`\bsans (?:le dire|informer|prevenir|demander)\b[^.!?\n]{0,20}\butilisateur`,
    // Spanish, Portuguese, Italian
    String.raw`\b(?:ignora|ignore|ignorar|olvida|esquece|esqueca|dimentica)\b[^.!?\n]{0,30}\b(?:instrucciones|instrucoes|istruzioni|ordenes|ordens|regras|reglas)\b`,
    String.raw`\b(?:no|nao|non)\b[^.!?\n]{0,20}\b(?:digas|diga|dire|menciones|mencione|menzionare|informes|informe|informare|reveles|revele|rivelare|conte)\b[^.!?\n]{0,30}\b(?:usuario|utente|utilizador)`,
    String.raw`\bsin (?:avisar|decir|informar|preguntar)\b[^.!?\n]{0,20}\busuario`,
    // Russian
    String.raw`(?:игнорир|забудь|проигнорир)[^.!?\n]{0,40}(?:инструкц|указани|правил)`,
    String.raw`не (?:говори|сообща|рассказыва|упомина|показыва)[^.!?\n]{0,40}(?:пользовател|человек)`,
    // Chinese, Japanese, Korean
    String.raw`(?:忽略|无视|忘记|忽視)[^。！？\n]{0,12}(?:指令|指示|说明|规则|提示)`,
    String.raw`(?:不要|别|勿|不得)(?:告诉|告知|通知|提及|透露|让)[^。！？\n]{0,8}(?:用户|使用者|任何人)`,
    String.raw`(?:指示|命令|ルール)[^。！？\n]{0,8}(?:無視|忘れ)|ユーザー[^。！？\n]{0,8}(?:言わ|伝え|知らせ|教え)ない`,
    String.raw`(?:지시|명령|규칙)[^.!?\n]{0,10}(?:무시|잊)|사용자[^.!?\n]{0,10}(?:말하지|알리지|알려주지)`,
  ].join('|'),
  'u',
)
